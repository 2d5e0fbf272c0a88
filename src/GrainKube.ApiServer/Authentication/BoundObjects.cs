using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Admission;
using GrainKube.Security.Tokens;

namespace GrainKube.ApiServer.Authentication;

/// <summary>Looks up what tokens are bound to in the watch cache.</summary>
internal sealed class BoundObjects(IObjectReader objects, TimeProvider time) : IBoundObjects
{
    // A pod that ends may still use its token for its last words.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(60);

    public async ValueTask<string?> UidOfAsync(string resource, string ns, string name, CancellationToken cancel) =>
        await objects.FindAsync(new ObjectKey("", resource, ns, name), cancel) is { } found
        && (found.Header.DeletionTimestamp is not { } deleted || time.GetUtcNow() < deleted + Grace)
            ? found.Header.Uid
            : null;
}
