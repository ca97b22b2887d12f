// Lets a system call fail that a program makes about Git's references: for LD_PRELOAD, built by the test that uses it.
//
// libgit2 writes there by itself, past the file system that other tests let fail. The calls are counted from zero:
//
//     FAIL_CALL   which one fails; none without
//     FAIL_CODE   the errno it reports
//     FAIL_ALWAYS whether all later ones fail too
//     FAIL_LOG    a file that gets a line for each call, so that a test learns how many there are
//
// A call that fails does nothing, but for `close`, which closes: as it is on Linux.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define DESCRIPTORS 4096

static atomic_int calls;
static atomic_bool watched[DESCRIPTORS];

static int number(const char *name, int otherwise) {
  const char *text = getenv(name);
  return text ? atoi(text) : otherwise;
}

static int is_reference(const char *path) {
  static const char *places[] = {"/.git/refs", "/.git/logs", "/.git/HEAD", "/.git/packed-refs"};
  for (size_t place = 0; path && place < sizeof places / sizeof *places; place++)
    if (strstr(path, places[place])) return 1;
  return 0;
}

static void note(const char *call, const char *path) {
  const char *log = getenv("FAIL_LOG");
  if (!log) return;
  char line[PATH_MAX + 32];
  int length = snprintf(line, sizeof line, "%s %s\n", call, path);
  int file = REAL(open)(log, O_WRONLY | O_APPEND | O_CREAT, 0644);
  if (file < 0) return;
  if (REAL(write)(file, line, (size_t)length) != length) abort();
  REAL(close)(file);
}

// Counts a call; answers whether it must fail, with errno set.
static int fails(const char *call, const char *path) {
  int this_call = atomic_fetch_add(&calls, 1);
  note(call, path);
  int first = number("FAIL_CALL", INT_MAX);
  if (this_call != first && !(number("FAIL_ALWAYS", 0) && this_call > first)) return 0;
  errno = number("FAIL_CODE", EIO);
  return 1;
}

static int watch(int file, const char *path) {
  if (file >= 0 && file < DESCRIPTORS) watched[file] = is_reference(path);
  return file;
}

static int is_watched(int file) { return file >= 0 && file < DESCRIPTORS && watched[file]; }

#define OPEN(name)                                            \
  int name(const char *path, int flags, ...) {                \
    va_list rest;                                             \
    va_start(rest, flags);                                    \
    mode_t mode = va_arg(rest, mode_t);                       \
    va_end(rest);                                             \
    if (is_reference(path) && fails(#name, path)) return -1;  \
    return watch(REAL(name)(path, flags, mode), path);        \
  }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                          \
  int name(int folder, const char *path, int flags, ...) {    \
    va_list rest;                                             \
    va_start(rest, flags);                                    \
    mode_t mode = va_arg(rest, mode_t);                       \
    va_end(rest);                                             \
    if (is_reference(path) && fails(#name, path)) return -1;  \
    return watch(REAL(name)(folder, path, flags, mode), path);\
  }
OPENAT(openat)
OPENAT(openat64)

ssize_t write(int file, const void *bytes, size_t count) {
  return is_watched(file) && fails("write", "") ? -1 : REAL(write)(file, bytes, count);
}

ssize_t read(int file, void *bytes, size_t count) {
  return is_watched(file) && fails("read", "") ? -1 : REAL(read)(file, bytes, count);
}

int fsync(int file) { return is_watched(file) && fails("fsync", "") ? -1 : REAL(fsync)(file); }

int fdatasync(int file) { return is_watched(file) && fails("fdatasync", "") ? -1 : REAL(fdatasync)(file); }

int close(int file) {
  int failed = is_watched(file) && fails("close", "");
  int code = errno;
  if (file >= 0 && file < DESCRIPTORS) watched[file] = 0;
  int result = REAL(close)(file);
  if (!failed) return result;
  errno = code;
  return -1;
}

int rename(const char *path, const char *target) {
  return is_reference(target) && fails("rename", target) ? -1 : REAL(rename)(path, target);
}

int link(const char *path, const char *target) {
  return is_reference(target) && fails("link", target) ? -1 : REAL(link)(path, target);
}

int unlink(const char *path) { return is_reference(path) && fails("unlink", path) ? -1 : REAL(unlink)(path); }

int mkdir(const char *path, mode_t mode) {
  return is_reference(path) && fails("mkdir", path) ? -1 : REAL(mkdir)(path, mode);
}
