namespace GrainKube.ApiServer.FlowControl;

/// <summary>A flow: the requests of one schema that its method does not tell apart.</summary>
/// <param name="Schema">Name of the FlowSchema.</param>
/// <param name="Distinguisher">The user, the namespace, or nothing.</param>
internal readonly record struct FlowIdentity(string Schema, string Distinguisher)
{
    /// <summary>Enough of it for a hand of queues; another with each run of the server, so that nobody can choose to collide.</summary>
    public ulong Entropy => ((ulong)(uint)HashCode.Combine(Schema, Distinguisher) << 32) | (uint)HashCode.Combine(Distinguisher, 17, Schema);
}
