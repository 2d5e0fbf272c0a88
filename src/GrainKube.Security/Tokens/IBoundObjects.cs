namespace GrainKube.Security.Tokens;

/// <summary>What token checks must know of the cluster's objects.</summary>
public interface IBoundObjects
{
    /// <summary>The uid of the object that has this name now, or null where there is none or its deletion is past its grace.</summary>
    /// <param name="resource">Plural in the core group: <c>serviceaccounts</c>, <c>pods</c>, <c>secrets</c> or <c>nodes</c>.</param>
    /// <param name="ns">Empty for nodes.</param>
    /// <param name="name">Name of the object.</param>
    /// <param name="cancel">Stops a look-up that had to wait.</param>
    ValueTask<string?> UidOfAsync(string resource, string ns, string name, CancellationToken cancel);
}
