"""Meetings as text: transcripts of Zoom and Teams, chats, sections and action items.

``vtt.read_vtt`` and ``meeting_json.read_meeting`` give utterances, ``zoom_chat.read_chat`` the
chat; ``sections`` and ``action_items`` read those, whatever tool they came from.
"""
