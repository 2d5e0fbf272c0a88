namespace GrainKube.Objects.Embedded;

/// <summary>What the writer has to do beside committing.</summary>
/// <param name="Compaction">History to forget.</param>
/// <param name="Tick">A minute is over: look for what expired, and take up again what failed.</param>
/// <param name="LogSize">Size of a log that should begin anew, in bytes; otherwise 0.</param>
internal readonly record struct WriterWork(PendingCompaction? Compaction, bool Tick, long LogSize);
