namespace GrainKube.ApiServer.Audit;

/// <summary>Takes finished events. Nothing is written on the caller's time.</summary>
internal interface IAuditSink
{
    /// <param name="line">An event as one line of JSON, without its end.</param>
    ValueTask TakeAsync(ReadOnlyMemory<byte> line);
}
