using GrainKube.ApiMachinery.Objects;

namespace GrainKube.ApiServer.Endpoints;

/// <summary>A resource that can be read although nothing is stored: its objects are computed for each question (<c>metrics.k8s.io</c>).</summary>
internal interface IComputedResource
{
    GroupResource Resource { get; }

    /// <summary>The objects of a namespace, or (empty) of all.</summary>
    /// <param name="ns">The namespace.</param>
    /// <param name="name">Only this one, where it is known; otherwise null.</param>
    /// <param name="labels">Only those whose labels it takes: those of the thing that is measured.</param>
    /// <param name="cancel">The client has gone.</param>
    Task<IReadOnlyList<KubeObject>> ListAsync(string ns, string? name, Func<IReadOnlyDictionary<string, string>, bool> labels, CancellationToken cancel);
}
