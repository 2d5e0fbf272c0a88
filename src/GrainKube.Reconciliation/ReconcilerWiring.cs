using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Cache;

namespace GrainKube.Reconciliation;

/// <summary>Collects what wakes a reconciler: its own kind, what it owns, and anything else by a mapping to its keys.</summary>
public sealed class ReconcilerWiring(ResourceRegistry registry)
{
    private readonly List<(GroupResource Resource, Func<ObjectChange, IEnumerable<ObjectKey>> Keys)> triggers = [];
    private readonly List<(Func<ResourceDefinition, bool> Kinds, Func<ObjectChange, IEnumerable<ObjectKey>> Keys)> everies = [];

    /// <summary>The kind whose objects are the keys; on activation a slice looks at all of them. Null for a reconciler with one key of its own.</summary>
    public GroupResource? Primary { get; private set; }

    /// <summary>The keys a slice looks at when it starts: all of the primary kind, or what <see cref="StartingWith"/> said.</summary>
    public Func<IEnumerable<ObjectKey>>? FirstKeys { get; private set; }

    /// <summary>All keys are looked at again when a silo has joined or left the cluster.</summary>
    public bool LooksAgainOnMembership { get; private set; }

    public IReadOnlyList<(GroupResource Resource, Func<ObjectChange, IEnumerable<ObjectKey>> Keys)> Triggers => triggers;

    internal IReadOnlyList<(Func<ResourceDefinition, bool> Kinds, Func<ObjectChange, IEnumerable<ObjectKey>> Keys)> Everies => everies;

    /// <summary>Keys are the objects of this kind; each change wakes its own.</summary>
    public ReconcilerWiring Reconciles<T>() where T : class => Reconciles(registry.Find(typeof(T)).GroupResource);

    public ReconcilerWiring Reconciles(GroupResource resource)
    {
        Primary = resource;
        triggers.Add((resource, static change => [change.Subject.Key]));
        return this;
    }

    /// <summary>A change of an object of this kind wakes its controlling owner where that is of the primary kind.</summary>
    public ReconcilerWiring Owns<T>() where T : class
    {
        var primary = registry.Find(Primary ?? throw new InvalidOperationException("Say Reconciles<T>() before Owns<T>()"));
        return On(registry.Find(typeof(T)).GroupResource, change => Owners(change, primary));
    }

    /// <summary>A change of an object of this kind wakes the keys that <paramref name="keys"/> gives. It runs on the cache's task: be quick, do not throw.</summary>
    public ReconcilerWiring Watches<T>(Func<ObjectChange, IEnumerable<ObjectKey>> keys) where T : class => On(registry.Find(typeof(T)).GroupResource, keys);

    public ReconcilerWiring On(GroupResource resource, Func<ObjectChange, IEnumerable<ObjectKey>> keys)
    {
        triggers.Add((resource, keys));
        return this;
    }

    /// <summary>
    /// A change of an object of every kind that <paramref name="kinds"/> picks, be it served now or later, wakes the keys that <paramref name="keys"/> gives. Objects of a kind that
    /// comes later are shown as if they were created then.
    /// </summary>
    public ReconcilerWiring OnEvery(Func<ResourceDefinition, bool> kinds, Func<ObjectChange, IEnumerable<ObjectKey>> keys)
    {
        everies.Add((kinds, keys));
        return this;
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

    private static IEnumerable<ObjectKey> Owners(ObjectChange change, ResourceDefinition primary)
    {
        var after = change.After?.Header.Controller;
        var before = change.Before?.Header.Controller;
        if (after is not null && Matches(after, primary))
        {
            yield return KeyOf(after, change, primary);
        }

        if (before is not null && before.Uid != after?.Uid && Matches(before, primary))
        {
            yield return KeyOf(before, change, primary);
        }
    }

    private static bool Matches(OwnerReference owner, ResourceDefinition primary) =>
        owner.Kind == primary.Names.Kind && primary.Versions.Any(v => v.ApiVersion == owner.ApiVersion);

    private static ObjectKey KeyOf(OwnerReference owner, ObjectChange change, ResourceDefinition primary) =>
        new(primary.Names.Group, primary.Names.Plural, primary.Names.Namespaced ? change.Subject.Key.Namespace : "", owner.Name);
}
