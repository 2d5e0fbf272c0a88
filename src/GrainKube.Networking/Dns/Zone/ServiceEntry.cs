namespace GrainKube.Networking.Dns.Zone;

/// <summary>What DNS says about one Service: everything an answer needs, computed when the Service or its endpoints change.</summary>
internal sealed record ServiceEntry
{
    /// <summary><c>name.namespace</c>.</summary>
    public required string Key { get; init; }

    /// <summary>The whole name with the cluster's domain.</summary>
    public required string FullName { get; init; }

    /// <summary>Lower-case host name that the service is an alias of; empty for all but ExternalName.</summary>
    public string ExternalName { get; init; } = "";

    /// <summary>No address of its own: its endpoints' addresses are the answer.</summary>
    public bool Headless { get; init; }

    /// <summary>IPv4 addresses, 4 bytes each: the service's own, or its ready endpoints' where it is headless.</summary>
    public byte[][] Addresses4 { get; init; } = [];

    /// <summary>The same for IPv6.</summary>
    public byte[][] Addresses6 { get; init; } = [];

    public PortEntry[] Ports { get; init; } = [];

    public EndpointEntry[] Endpoints { get; init; } = [];

    /// <summary>Whether anything answers to the name. A headless service without a ready endpoint does not exist in DNS.</summary>
    public bool Exists => !Headless || Endpoints.Length > 0;
}

/// <summary>A port with a name.</summary>
/// <param name="Name">Empty where it has none.</param>
/// <param name="Protocol">Lower-case.</param>
/// <param name="Number">The port.</param>
internal readonly record struct PortEntry(string Name, string Protocol, int Number);

/// <summary>A ready address behind a service.</summary>
/// <param name="Label">The host name that its pod was given, otherwise the address with dashes.</param>
/// <param name="Address">4 or 16 bytes.</param>
/// <param name="Ports">The ports it serves.</param>
internal sealed record EndpointEntry(string Label, byte[] Address, PortEntry[] Ports);
