using GrainKube.ApiMachinery.Objects;

namespace GrainKube.ApiMachinery.Definitions;

/// <summary>How a kind is called on the wire and in discovery.</summary>
public sealed record ResourceNames
{
    /// <summary>Empty for the core group.</summary>
    public required string Group { get; init; }

    /// <summary>The storage version, for example <c>v1</c>.</summary>
    public required string Version { get; init; }
    public required string Plural { get; init; }
    public required string Kind { get; init; }
    public required bool Namespaced { get; init; }
    public string Singular => singular ?? Kind.ToLowerInvariant();
    public string ListKind => listKind ?? Kind + "List";
    public IReadOnlyList<string> ShortNames { get; init; } = [];
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Overrides for custom resources.</summary>
    public string? SingularName { init => singular = value; }
    public string? ListKindName { init => listKind = value; }

    private readonly string? singular;
    private readonly string? listKind;

    public GroupResource GroupResource => new(Group, Plural);

    /// <summary><c>v1</c> or <c>apps/v1</c>.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    public static ResourceNames InNamespace(string group, string version, string plural, string kind, params string[] shortNames) => new()
    {
        Group = group, Version = version, Plural = plural, Kind = kind, Namespaced = true, ShortNames = shortNames,
    };

    public static ResourceNames ClusterWide(string group, string version, string plural, string kind, params string[] shortNames) => new()
    {
        Group = group, Version = version, Plural = plural, Kind = kind, Namespaced = false, ShortNames = shortNames,
    };
}
