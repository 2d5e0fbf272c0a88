using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Identity;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Writes.Outside;

namespace GrainKube.Objects.Client;

/// <summary>Makes an <see cref="ObjectClient"/> for an identity. A singleton of the silo.</summary>
public sealed class ObjectClientFactory(WatchCache cache, ResourceRegistry registry, WriteRoute route)
{
    /// <summary>This silo's cache.</summary>
    public WatchCache Cache => cache;

    public ObjectClient For(UserInfo user) => new(cache, registry, route, user, fence: null);
}
