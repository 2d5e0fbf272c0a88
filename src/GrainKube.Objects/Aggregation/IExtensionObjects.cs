using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Writes;

namespace GrainKube.Objects.Aggregation;

/// <summary>Objects that other API servers hold, for who must know of every object: the garbage collector, quotas. Costs nothing where there are no such servers.</summary>
public interface IExtensionObjects
{
    /// <summary>Everything of the kinds that can be listed and deleted, as the servers that answer tell it now.</summary>
    Task<ExtensionHoldings> ListAsync(CancellationToken cancel);

    /// <summary>Deletes an object, if it is still the one with this uid. What is gone already is no failure.</summary>
    /// <exception cref="HttpRequestException">The server refuses, or does not answer.</exception>
    Task DeleteAsync(ExtensionObject item, DeletePropagation propagation, CancellationToken cancel);

    /// <summary>Takes the references to these owners out of an object.</summary>
    /// <exception cref="HttpRequestException">The server refuses, or does not answer.</exception>
    Task ReleaseAsync(ExtensionObject item, IReadOnlyCollection<string> ownerUids, CancellationToken cancel);
}

/// <param name="Resources">Kinds that were listed whole, by group and kind, and their resource.</param>
/// <param name="Objects">What there is of them.</param>
public sealed record ExtensionHoldings(IReadOnlyDictionary<(string Group, string Kind), GroupResource> Resources, IReadOnlyList<ExtensionObject> Objects)
{
    public static readonly ExtensionHoldings None = new(new Dictionary<(string, string), GroupResource>(), []);

    private readonly Lazy<Dictionary<string, ExtensionObject>> byUid = new(() => Objects.Where(o => o.Header.Uid.Length > 0).DistinctBy(o => o.Header.Uid).ToDictionary(o => o.Header.Uid));

    public ExtensionObject? ByUid(string uid) => byUid.Value.GetValueOrDefault(uid);

    /// <summary>True where all objects of an owner's kind are here, so that its absence can be seen.</summary>
    public bool Knows(OwnerReference owner) => Resources.ContainsKey((owner.ApiVersion.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash ? owner.ApiVersion[..slash] : "", owner.Kind));
}

/// <param name="Resource">Of which it is.</param>
/// <param name="Path">Of the object, as its server serves it.</param>
/// <param name="Header">Its metadata, as far as collecting garbage needs it.</param>
public sealed record ExtensionObject(GroupResource Resource, string Path, ObjectHeader Header);
