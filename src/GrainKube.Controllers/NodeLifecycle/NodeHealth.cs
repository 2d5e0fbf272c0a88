namespace GrainKube.Controllers.NodeLifecycle;

/// <summary>What is known of a node's kubelet.</summary>
internal enum KubeletSign
{
    /// <summary>Its silo is a member of the cluster, or its lease is fresh.</summary>
    Alive,

    /// <summary>Its silo left, or its lease ran out.</summary>
    Gone,

    /// <summary>It has never said anything.</summary>
    NeverSeen,
}

/// <summary>Whether a node's kubelet is alive, and until when that may be believed. Pure.</summary>
/// <param name="Sign">What is known.</param>
/// <param name="RecheckIn">When a sign of life runs out; null where an event will tell.</param>
internal readonly record struct NodeHealth(KubeletSign Sign, TimeSpan? RecheckIn)
{
    /// <summary>How long a heartbeat without a lease is believed; upstream's <c>--node-monitor-grace-period</c>.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(50);

    /// <summary>How long a new node may take to say something; upstream's startup grace.</summary>
    public static readonly TimeSpan StartupGrace = TimeSpan.FromSeconds(60);

    /// <param name="silo">Whether the node's silo is a member: null where no silo of that name is known.</param>
    /// <param name="leaseRenewed">Last renewal of its Lease, and how long that is good for.</param>
    /// <param name="lastHeartbeat">Last heartbeat of its Ready condition; null where it has none.</param>
    /// <param name="created">When the Node was made.</param>
    /// <param name="now">The time.</param>
    public static NodeHealth Of(bool? silo, (DateTimeOffset At, TimeSpan Good)? leaseRenewed, DateTimeOffset? lastHeartbeat, DateTimeOffset created, DateTimeOffset now)
    {
        // A closed connection tells death; silence only suspicion: membership knows both.
        if (silo is { } member)
        {
            return new NodeHealth(member ? KubeletSign.Alive : KubeletSign.Gone, null);
        }

        var until = Latest(leaseRenewed is { } lease ? lease.At + (lease.Good > Grace ? lease.Good : Grace) : null, lastHeartbeat + Grace);
        if (until is null)
        {
            var patience = created + StartupGrace;
            return patience > now ? new NodeHealth(KubeletSign.Alive, patience - now) : new NodeHealth(KubeletSign.NeverSeen, null);
        }

        return until > now ? new NodeHealth(KubeletSign.Alive, until - now) : new NodeHealth(KubeletSign.Gone, null);
    }

    private static DateTimeOffset? Latest(DateTimeOffset? one, DateTimeOffset? other) => one is null || other > one ? other ?? one : one;
}
