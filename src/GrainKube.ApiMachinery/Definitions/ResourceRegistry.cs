using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using GrainKube.ApiMachinery.Objects;
using k8s.Models;

namespace GrainKube.ApiMachinery.Definitions;

/// <summary>Every kind that is served at this moment, built-in and custom. Reading takes no lock; a change publishes a new picture.</summary>
public sealed class ResourceRegistry
{
    private readonly Lock gate = new();
    private volatile Picture picture;

    public ResourceRegistry(IEnumerable<ResourceDefinition> definitions) => picture = Picture.Of([.. definitions]);

    /// <summary>All definitions, in the order they were registered.</summary>
    public ImmutableArray<ResourceDefinition> All => picture.All;

    /// <summary>Raised after a definition was added, replaced or removed.</summary>
    public event Action? Changed;

    public bool TryFind(GroupResource resource, [NotNullWhen(true)] out ResourceDefinition? definition) => picture.ByResource.TryGetValue(resource, out definition);

    /// <exception cref="KeyNotFoundException">The kind is not served.</exception>
    public ResourceDefinition Find(GroupResource resource) => picture.ByResource[resource];

    /// <summary>Finds what <c>/apis/group/version/resource</c> serves, be it the storage version or another.</summary>
    public bool TryFindServed(string group, string version, string resource, [NotNullWhen(true)] out ResourceDefinition? definition, [NotNullWhen(true)] out ServedVersion? served)
    {
        if (picture.ByPath.TryGetValue((group, version, resource), out var found))
        {
            (definition, served) = found;
            return true;
        }

        (definition, served) = (null, null);
        return false;
    }

    /// <summary>Finds the kind of an object by what its <c>apiVersion</c> and <c>kind</c> say.</summary>
    public bool TryFindKind(string apiVersion, string kind, [NotNullWhen(true)] out ResourceDefinition? definition) => picture.ByKind.TryGetValue((apiVersion, kind), out definition);

    /// <summary>The definition whose model is <paramref name="model"/>; for a model of a custom resource, the kind that its <see cref="KubernetesEntityAttribute"/> names.</summary>
    /// <exception cref="KeyNotFoundException">No kind has this model, or it is not served (yet).</exception>
    public ResourceDefinition Find(Type model) =>
        picture.ByModel.TryGetValue(model, out var built) ? built
        : picture.ByResource.TryGetValue(ResourceOf(model), out var custom) ? custom
        : throw new KeyNotFoundException($"{ResourceOf(model)} is not served");

    /// <summary>Group and resource of a model, be its kind served at the moment or not.</summary>
    /// <exception cref="KeyNotFoundException">No kind has this model, and it names none.</exception>
    public GroupResource ResourceOf(Type model) =>
        picture.ByModel.TryGetValue(model, out var built) ? built.GroupResource
        : model.GetCustomAttribute<KubernetesEntityAttribute>() is { PluralName.Length: > 0 } entity ? new GroupResource(entity.Group ?? "", entity.PluralName)
        : throw new KeyNotFoundException($"{model} is the model of no kind; give it a [KubernetesEntity] with group, version, kind and plural name");

    /// <summary>Tells which object a key of the store holds.</summary>
    public bool TryParseStoreKey(string storeKey, [NotNullWhen(true)] out ResourceDefinition? definition, out ObjectKey key)
    {
        const int start = 10; // "/registry/"
        if (storeKey.StartsWith("/registry/", StringComparison.Ordinal))
        {
            var first = storeKey.IndexOf('/', start);
            var second = first < 0 ? -1 : storeKey.IndexOf('/', first + 1);
            if ((first > 0 && picture.ByPrefix.TryGetValue(storeKey[..(first + 1)], out definition) && TrySplit(storeKey.AsSpan(first + 1), definition, out key))
                || (second > 0 && picture.ByPrefix.TryGetValue(storeKey[..(second + 1)], out definition) && TrySplit(storeKey.AsSpan(second + 1), definition, out key)))
            {
                return true;
            }
        }

        (definition, key) = (null, default);
        return false;
    }

    /// <summary>Adds a kind, or replaces the one of the same group and resource.</summary>
    public void Put(ResourceDefinition definition)
    {
        lock (gate)
        {
            var at = picture.All.FindIndex(d => d.GroupResource == definition.GroupResource);
            picture = Picture.Of(at < 0 ? picture.All.Add(definition) : picture.All.SetItem(at, definition));
        }

        Changed?.Invoke();
    }

    /// <summary>Stops serving a kind; nothing happens where it is not served.</summary>
    public void Remove(GroupResource resource)
    {
        lock (gate)
        {
            picture = Picture.Of(picture.All.RemoveAll(d => d.GroupResource == resource));
        }

        Changed?.Invoke();
    }

    private static bool TrySplit(ReadOnlySpan<char> rest, ResourceDefinition definition, out ObjectKey key)
    {
        var slash = rest.IndexOf('/');
        if (slash >= 0 != definition.Names.Namespaced)
        {
            key = default;
            return false;
        }

        key = new ObjectKey(
            definition.Names.Group,
            definition.Names.Plural,
            slash < 0 ? "" : string.Intern(rest[..slash].ToString()),
            rest[(slash + 1)..].ToString());
        return true;
    }

    private sealed record Picture(
        ImmutableArray<ResourceDefinition> All,
        Dictionary<GroupResource, ResourceDefinition> ByResource,
        Dictionary<(string Group, string Version, string Resource), (ResourceDefinition, ServedVersion)> ByPath,
        Dictionary<(string ApiVersion, string Kind), ResourceDefinition> ByKind,
        Dictionary<Type, ResourceDefinition> ByModel,
        Dictionary<string, ResourceDefinition> ByPrefix)
    {
        public static Picture Of(ImmutableArray<ResourceDefinition> all)
        {
            var made = new Picture(all, [], [], [], [], new(StringComparer.Ordinal));
            foreach (var definition in all)
            {
                made.ByResource[definition.GroupResource] = definition;
                made.ByPrefix[definition.GroupResource.StorePrefix] = definition;
                if (definition.Model is { } model)
                {
                    made.ByModel[model] = definition;
                }

                foreach (var version in definition.Versions.Where(v => v.IsServed))
                {
                    made.ByPath[(version.Group, version.Version, definition.Names.Plural)] = (definition, version);
                    made.ByKind[(version.ApiVersion, definition.Names.Kind)] = definition;
                }
            }

            return made;
        }
    }
}
