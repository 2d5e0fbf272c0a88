using GrainKube.ApiMachinery.Objects;

namespace GrainKube.ApiServer.Endpoints;

/// <summary>A resource or subresource that is a question answered by the API server and never stored: <c>tokenreviews</c>, <c>serviceaccounts/token</c>, <c>pods/eviction</c>.</summary>
public interface IUnstoredResource
{
    GroupResource Resource { get; }

    /// <summary>Empty for the resource itself.</summary>
    string Subresource { get; }

    /// <summary>Answers a POST. The body's apiVersion and kind are as the client sent them, or absent.</summary>
    /// <exception cref="ApiMachinery.Errors.ApiException">The client's error.</exception>
    ValueTask<UnstoredAnswer> CreateAsync(UnstoredRequest request, CancellationToken cancel);
}
