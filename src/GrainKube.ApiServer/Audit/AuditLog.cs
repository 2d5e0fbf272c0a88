namespace GrainKube.ApiServer.Audit;

/// <summary>The policy and the places that events go to.</summary>
internal sealed class AuditLog(AuditPolicy policy, IEnumerable<IAuditSink> sinks, TimeProvider time)
{
    private readonly IAuditSink[] sinks = [.. sinks];

    public AuditPolicy Policy => policy;

    public TimeProvider Time => time;

    public async ValueTask TakeAsync(ReadOnlyMemory<byte> line)
    {
        foreach (var sink in sinks)
        {
            await sink.TakeAsync(line);
        }
    }
}
