namespace GrainKube.Networking.Dns.Zone;

/// <summary>What a name of the zone stands for.</summary>
internal enum ZoneMatchKind
{
    /// <summary>The name does not exist.</summary>
    Missing,

    /// <summary>It exists, as a branch with names below it, and holds no records.</summary>
    Branch,

    /// <summary>The zone itself.</summary>
    Apex,

    /// <summary><c>dns-version</c>.</summary>
    Version,

    /// <summary>A service, or one of its ports where the port's parts are given.</summary>
    Service,

    /// <summary>An endpoint of a service.</summary>
    Endpoint,

    /// <summary>A pod by its address.</summary>
    Pod,
}

/// <summary>A name, resolved. Its parts look into the name that was asked for.</summary>
internal readonly ref struct ZoneMatch
{
    public ZoneMatchKind Kind { get; init; }
    public ServiceEntry? Service { get; init; }

    /// <summary>The endpoint's label, or the pod's address with dashes.</summary>
    public ReadOnlySpan<char> Label { get; init; }

    /// <summary>Set where the name is <c>_port._protocol.service</c>.</summary>
    public bool IsPort { get; init; }

    public ReadOnlySpan<char> Port { get; init; }
    public ReadOnlySpan<char> Protocol { get; init; }
}
