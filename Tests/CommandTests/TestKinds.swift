/// Two kinds, as a person would write them into `schemas/`.
enum TestKinds {
  static let note = """
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "title": "Note",
      "x-daybook": {
        "collection": "notes",
        "indexes": { "stars": ["/stars"] },
        "excerpt": ["/title", "/stars"],
        "series": { "comments": { "items": { "$ref": "#/$defs/comment" } } }
      },
      "type": "object",
      "required": ["title"],
      "additionalProperties": false,
      "properties": {
        "title": { "type": "string" },
        "stars": { "type": "integer", "minimum": 0, "maximum": 5 },
        "token": { "type": ["string", "null"], "x-secret": true, "writeOnly": true },
        "tags": { "type": "array", "items": { "type": "string" } }
      },
      "$defs": {
        "comment": {
          "type": "object",
          "required": ["text"],
          "properties": { "text": { "type": "string" } }
        }
      }
    }

    """

  static let event = """
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "title": "Event",
      "x-daybook": { "collection": "events", "ids": "uuid7", "partition": "day", "excerpt": ["/name"] },
      "type": "object",
      "required": ["name"],
      "properties": { "name": { "type": "string" } }
    }

    """
}
