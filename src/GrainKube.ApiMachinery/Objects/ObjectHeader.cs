namespace GrainKube.ApiMachinery.Objects;

/// <summary>What is read from an object once, when it arrives, so that nobody has to parse it again to find or match it.</summary>
public sealed record ObjectHeader
{
    public required string ApiVersion { get; init; }
    public required string Kind { get; init; }
    public required string Name { get; init; }

    /// <summary>Empty for cluster-scoped objects.</summary>
    public required string Namespace { get; init; }
    public required string Uid { get; init; }

    /// <summary>The store's revision at which these bytes were written.</summary>
    public required long Revision { get; init; }

    /// <summary>Zero where the kind has no generation.</summary>
    public long Generation { get; init; }
    public IReadOnlyDictionary<string, string> Labels { get; init; } = NoLabels;
    public IReadOnlyList<OwnerReference> Owners { get; init; } = [];
    public IReadOnlyList<string> Finalizers { get; init; } = [];
    public DateTimeOffset? CreationTimestamp { get; init; }

    /// <summary>Set once deletion was asked for.</summary>
    public DateTimeOffset? DeletionTimestamp { get; init; }
    public long? DeletionGracePeriodSeconds { get; init; }

    /// <summary>W3C traceparent of the write that created the object or last changed its <c>generation</c>; null where it was not recorded. Never part of the visible JSON.</summary>
    public string? TraceParent { get; init; }

    /// <summary>When that write was, to the second; null where it was not recorded.</summary>
    public DateTimeOffset? TracedAt { get; init; }

    /// <summary>The owner marked <c>controller: true</c>, if any.</summary>
    public OwnerReference? Controller
    {
        get
        {
            foreach (var owner in Owners)
            {
                if (owner.Controller)
                {
                    return owner;
                }
            }

            return null;
        }
    }

    /// <summary>Of an object without labels.</summary>
    public static IReadOnlyDictionary<string, string> NoLabels { get; } = new Dictionary<string, string>();
}
