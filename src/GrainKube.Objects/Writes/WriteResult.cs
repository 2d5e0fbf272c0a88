using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Cache;

namespace GrainKube.Objects.Writes;

/// <summary>What a write came to. Refusals are thrown as <see cref="ApiException"/>.</summary>
[GenerateSerializer, Immutable]
[Alias("GrainKube.WriteResult")]
public sealed record WriteResult
{
    /// <summary>HTTP status: 200, 201 or 202.</summary>
    [Id(0)] public required int Code { get; init; }

    /// <summary>The object in the version asked for, as it goes to the client; a Scale for <c>scale</c>; empty where <see cref="Status"/> answers.</summary>
    [Id(1)] public byte[] Json { get; init; } = [];

    /// <summary>Answers in place of an object (a finished delete, a binding).</summary>
    [Id(2)] public Status? Status { get; init; }

    /// <summary>The revision of the commit, or of the unchanged object; 0 for a dry run.</summary>
    [Id(3)] public long Revision { get; init; }
    [Id(4)] public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What admission wants to be said of this write in the audit log.</summary>
    [Id(5)] public IReadOnlyDictionary<string, string> AuditAnnotations { get; init; } = NoAnnotations;

    private static readonly Dictionary<string, string> NoAnnotations = [];

    /// <summary>What <see cref="Json"/> says, for readers of objects.</summary>
    public KubeObject AsObject(ObjectKey key) => StoredJson.FromWire(key, Json);
}
