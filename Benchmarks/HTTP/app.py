"""The peer of the HTTP rows: documents in SQLite behind FastAPI, as agent applications keep them, with a history row a write.

Writes take turns on the one connection: without that, one request would commit what another has half done, and undo it.
"""

import asyncio
import json
import os
from contextlib import asynccontextmanager

import aiosqlite
from fastapi import FastAPI, HTTPException, Request, Response

PATH = os.environ["BENCH_DATABASE"]


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.db = await aiosqlite.connect(PATH)
    await app.state.db.execute("PRAGMA journal_mode=WAL")
    await app.state.db.execute("PRAGMA synchronous=FULL")
    await app.state.db.execute("CREATE TABLE IF NOT EXISTS documents (id TEXT PRIMARY KEY, body BLOB, version INTEGER)")
    await app.state.db.execute(
        "CREATE TABLE IF NOT EXISTS history (id TEXT, version INTEGER, body BLOB, PRIMARY KEY (id, version))"
    )
    await app.state.db.execute("CREATE TABLE IF NOT EXISTS settings (key TEXT PRIMARY KEY, value TEXT)")
    for number in range(40):
        row = (f"setting.{number}", f'"value {number}"')
        await app.state.db.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", row)
    await app.state.db.commit()
    app.state.writing = asyncio.Lock()
    yield
    await app.state.db.close()


app = FastAPI(lifespan=lifespan)


@app.get("/documents/{id}")
async def read(id: str):
    async with app.state.db.execute("SELECT body FROM documents WHERE id = ?", (id,)) as cursor:
        row = await cursor.fetchone()
    if row is None:
        raise HTTPException(404)
    return Response(row[0], media_type="application/json")


@app.put("/documents/{id}")
async def write(id: str, request: Request):
    body = await request.body()
    await request.json()
    db = app.state.db
    async with app.state.writing:
        ((version,),) = await db.execute_fetchall(
            "INSERT INTO documents VALUES (?, ?, 1) ON CONFLICT (id) DO UPDATE SET body = excluded.body, "
            "version = version + 1 RETURNING version",
            (id, body),
        )
        await db.execute("INSERT OR REPLACE INTO history VALUES (?, ?, ?)", (id, version, body))
        await db.commit()
    return {"id": id, "version": version}


@app.get("/settings")
async def settings():
    async with app.state.db.execute("SELECT key, value FROM settings") as cursor:
        return {key: json.loads(value) async for key, value in cursor}
