"""What the commands show and do, apart from how they are called: ``orchestration/commands``."""
