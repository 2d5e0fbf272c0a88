namespace GrainKube.Kubelet.StaticPods;

/// <summary>Which static pods have a manifest on this node, by <see cref="StaticIdentity"/>. They run on whatever happens to their mirrors.</summary>
internal sealed class StaticLedger
{
    private volatile HashSet<string> kept = [];

    public bool Keeps(string identity) => kept.Contains(identity);

    /// <returns>True where one is kept no longer.</returns>
    public bool Keep(IEnumerable<string> identities)
    {
        var before = kept;
        kept = [.. identities];
        return before.Any(identity => !Keeps(identity));
    }
}
