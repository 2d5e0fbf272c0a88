using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Identity;
using GrainKube.Objects.Cache;

namespace GrainKube.Objects.Client;

/// <summary>Makes an <see cref="ObjectClient"/> for an identity. A singleton of the silo.</summary>
public sealed class ObjectClientFactory(IGrainFactory grains, WatchCache cache, ResourceRegistry registry, TimeProvider time)
{
    private readonly WriteRetry retry = new(time);

    /// <summary>This silo's cache.</summary>
    public WatchCache Cache => cache;

    public ObjectClient For(UserInfo user) => new(grains, cache, registry, retry, user, fence: null);
}
