#pragma once
#include <git2.h>
#include <git2/sys/odb_backend.h>
#include <git2/sys/transport.h>
#include <zlib.h>

/* git_libgit2_opts and deflateInit are a variadic function and a macro, which Swift cannot call. */

static inline void daybook_git_enable_fsync(void) {
  git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
}

/* A store must behave alike for every user: no system or user configuration reaches it through us. */
static inline void daybook_git_ignore_outside_configuration(void) {
  git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_SYSTEM, "");
  git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_GLOBAL, "");
  git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_XDG, "");
  git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_PROGRAMDATA, "");
}

/* Authorities that vouch for servers: those of this file alone. */
static inline int daybook_git_trust(const char *file) {
  return git_libgit2_opts(GIT_OPT_SET_SSL_CERT_LOCATIONS, file, NULL);
}

/* libgit2 maps packs into memory as it likes unless it is told how much it may. */
static inline int daybook_git_limit(size_t window, size_t mapped, size_t objects) {
  int status = git_libgit2_opts(GIT_OPT_SET_MWINDOW_SIZE, window);
  if (status == 0) status = git_libgit2_opts(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, mapped);
  if (status == 0) status = git_libgit2_opts(GIT_OPT_SET_PACK_MAX_OBJECTS, objects);
  return status;
}

static inline int daybook_inflate_init(z_stream *stream) {
  return inflateInit(stream);
}

/* Ways to a server with libgit2's own ones inside. libgit2 sees the heads alone, so those stand first. */

typedef struct daybook_stream daybook_stream;

typedef struct {
  git_smart_subtransport head;
  git_smart_subtransport *inner;
  daybook_stream *stream;
  void *conversation;
} daybook_subtransport;

struct daybook_stream {
  git_smart_subtransport_stream head;
  git_smart_subtransport_stream *inner;
  daybook_subtransport *owner;
};
