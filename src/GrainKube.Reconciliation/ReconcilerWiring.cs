using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Cache;
using GrainKube.Reconciliation.CustomResources;

namespace GrainKube.Reconciliation;

/// <summary>Collects what wakes a reconciler: its own kind, what it owns, and anything else by a mapping to its keys. A kind need not be served yet.</summary>
public sealed class ReconcilerWiring(ResourceRegistry registry)
{
    private readonly List<(Func<ResourceDefinition, bool> Kinds, Func<ObjectChange, IEnumerable<ObjectKey>> Keys)> triggers = [];

    /// <summary>The kind whose objects are the keys; on activation a slice looks at all of them. Null for a reconciler with one key of its own.</summary>
    public GroupResource? Primary { get; private set; }

    /// <summary>The keys a slice looks at when it starts: all of the primary kind, or what <see cref="StartingWith"/> said.</summary>
    public Func<IEnumerable<ObjectKey>>? FirstKeys { get; private set; }

    /// <summary>All keys are looked at again when a silo has joined or left the cluster.</summary>
    public bool LooksAgainOnMembership { get; private set; }

    /// <summary>What wakes which keys, by the kinds concerned.</summary>
    public IReadOnlyList<(Func<ResourceDefinition, bool> Kinds, Func<ObjectChange, IEnumerable<ObjectKey>> Keys)> Triggers => triggers;

    /// <summary>Models of custom resources that are defined in the cluster when a silo with this reconciler starts.</summary>
    internal Type? Defines { get; private set; }

    /// <summary>Keys are the objects of this kind; each change wakes its own. A model that derives from <see cref="CustomResource{TSpec, TStatus}"/> is defined in the cluster, too.</summary>
    public ReconcilerWiring Reconciles<T>() where T : class
    {
        Defines = CustomResourceManifest.IsDefinedBy(typeof(T)) ? typeof(T) : null;
        return Reconciles(registry.ResourceOf(typeof(T)));
    }

    public ReconcilerWiring Reconciles(GroupResource resource)
    {
        Primary = resource;
        return On(resource, static change => [change.Subject.Key]);
    }

    /// <summary>A change of an object of this kind wakes its controlling owner where that is of the primary kind.</summary>
    public ReconcilerWiring Owns<T>() where T : class
    {
        var primary = Primary ?? throw new InvalidOperationException("Say Reconciles<T>() before Owns<T>()");
        return On(registry.ResourceOf(typeof(T)), change => registry.TryFind(primary, out var definition) ? Owners(change, definition) : []);
    }

    /// <summary>A change of an object of this kind wakes the keys that <paramref name="keys"/> gives. It runs on the cache's task: be quick, do not throw.</summary>
    public ReconcilerWiring Watches<T>(Func<ObjectChange, IEnumerable<ObjectKey>> keys) where T : class => On(registry.ResourceOf(typeof(T)), keys);

    public ReconcilerWiring On(GroupResource resource, Func<ObjectChange, IEnumerable<ObjectKey>> keys) => OnEvery(kind => kind.GroupResource == resource, keys);

    /// <summary>
    /// A change of an object of every kind that <paramref name="kinds"/> picks, be it served now or later, wakes the keys that <paramref name="keys"/> gives. Objects of a kind that
    /// comes later are shown as if they were created then.
    /// </summary>
    public ReconcilerWiring OnEvery(Func<ResourceDefinition, bool> kinds, Func<ObjectChange, IEnumerable<ObjectKey>> keys)
    {
        triggers.Add((kinds, Once(keys)));
        return this;
    }

    /// <summary>Every slice of the reconciler is told of a change and asks which keys it wakes: those of one silo ask one after the other, on the cache's own task, and are given the same answer.</summary>
    private static Func<ObjectChange, IEnumerable<ObjectKey>> Once(Func<ObjectChange, IEnumerable<ObjectKey>> keys)
    {
        ObjectChange? asked = null;
        ObjectKey[] answer = [];
        return change =>
        {
            if (!ReferenceEquals(asked, change))
            {
                answer = keys(change).ToArray();
                asked = change;
            }

            return answer;
        };
    }

    /// <summary>For a reconciler that is not about all objects of one kind: the keys it looks at when it starts.</summary>
    public ReconcilerWiring StartingWith(Func<IEnumerable<ObjectKey>> keys)
    {
        FirstKeys = keys;
        return this;
    }

    /// <summary>Membership of the silos is part of what this reconciler reads.</summary>
    public ReconcilerWiring AndMembership()
    {
        LooksAgainOnMembership = true;
        return this;
    }

    private static ObjectKey[] Owners(ObjectChange change, ResourceDefinition primary)
    {
        var after = change.After?.Header.Controller;
        var before = change.Before?.Header.Controller;
        var now = after is not null && Matches(after, primary);
        var once = before is not null && before.Uid != after?.Uid && Matches(before, primary);
        return (now, once) switch
        {
            (true, true) => [KeyOf(after!, change, primary), KeyOf(before!, change, primary)],
            (true, false) => [KeyOf(after!, change, primary)],
            (false, true) => [KeyOf(before!, change, primary)],
            _ => [],
        };
    }

    private static bool Matches(OwnerReference owner, ResourceDefinition primary) =>
        owner.Kind == primary.Names.Kind && primary.Versions.Any(v => v.ApiVersion == owner.ApiVersion);

    private static ObjectKey KeyOf(OwnerReference owner, ObjectChange change, ResourceDefinition primary) =>
        new(primary.Names.Group, primary.Names.Plural, primary.Names.Namespaced ? change.Subject.Key.Namespace : "", owner.Name);
}
