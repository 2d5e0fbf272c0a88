using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Store;
using GrainKube.Objects.Writes.Outside;

namespace GrainKube.Objects.Writes;

/// <summary>One object of the API. Key: <see cref="ObjectKey.ToString"/>. It owns every write to the object; reads never come here.</summary>
/// <remarks>The alias cannot be <c>object</c>: between silos that means <see cref="object"/>.</remarks>
[Alias("object-writes")]
public interface IObjectGrain : IGrainWithStringKey
{
    /// <summary>Runs the write pipeline and commits. Durable when it returns (unless it was a dry run).</summary>
    /// <exception cref="ApiException">The client's error: conflict, invalid, not found, forbidden by admission.</exception>
    /// <exception cref="StoreException">The store failed.</exception>
    [Alias("write")]
    Task<WriteResult> WriteAsync(WriteRequest request);

    /// <summary>Plans the write and tells what it would come to; commits nothing. See <see cref="WriteRoute"/>.</summary>
    /// <exception cref="ApiException">The client's error, as from <see cref="WriteAsync"/>.</exception>
    /// <exception cref="StalePreparationException">What was admitted before rests on another revision than the stored one.</exception>
    /// <exception cref="StoreException">The store failed.</exception>
    [Alias("prepare")]
    Task<PreparedWrite> PrepareAsync(WriteRequest request, PrepareStage stage);
}
