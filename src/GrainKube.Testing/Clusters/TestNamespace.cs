using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Selectors;
using GrainKube.Objects.Writes;
using k8s.Models;

namespace GrainKube.Testing.Clusters;

/// <summary>One test's namespace in a shared cluster.</summary>
public sealed class TestNamespace(GrainKubeCluster cluster, string name)
{
    public string Name => name;

    public GrainKubeCluster Cluster => cluster;

    public ObjectKey Key<T>(string item) where T : class => cluster.Objects.KeyOf<T>(name, item);

    /// <summary>Creates the object in this namespace, or merges it into the one that is there.</summary>
    public Task<KubeObject> ApplyAsync(JsonObject item)
    {
        item["metadata"]!["namespace"] = name;
        return cluster.ApplyAsync(item);
    }

    public Task<KubeObject> PatchAsync<T>(string item, string patch, string subresource = "") where T : class => cluster.PatchAsync(Key<T>(item), patch, subresource);

    /// <summary>The object, which must be there.</summary>
    public async Task<T> GetAsync<T>(string item) where T : class =>
        (await cluster.GetAsync(Key<T>(item)))?.As<T>() ?? throw new EventuallyException([]);

    public Task<bool> DeleteAsync<T>(string item, DeletePropagation propagation = DeletePropagation.Default, long? grace = null) where T : class =>
        cluster.Objects.DeleteAsync(Key<T>(item), null, CancellationToken.None, grace, propagation);

    /// <summary>Deletes one of the objects that the labels select, at once.</summary>
    public async Task<string> DeleteAnyAsync<T>(string labels) where T : class
    {
        var selector = LabelSelector.Parse(labels);
        var victim = cluster.Objects.List<T>(name).First(o => selector.Matches(o.Header.Labels) && o.Header.DeletionTimestamp is null);
        await cluster.Objects.DeleteAsync(victim.Key, null, CancellationToken.None, gracePeriodSeconds: 0);
        return victim.Header.Name;
    }

    /// <summary>Waits until the objects of a kind that the labels select (empty: all of this namespace) are as wanted.</summary>
    public async Task<IReadOnlyList<T>> EventuallyAsync<T>(string labels, Func<IReadOnlyList<T>, bool> condition, TimeSpan? patience = null) where T : class
    {
        var selector = LabelSelector.Parse(labels);
        var found = await cluster.EventuallyAsync<T>(
            o => o.Key.Namespace == name && selector.Matches(o.Header.Labels), items => condition([.. items.Select(o => o.As<T>())]), patience);
        return [.. found.Select(o => o.As<T>())];
    }

    /// <summary>Waits until one object is there and as wanted.</summary>
    public async Task<T> EventuallyOneAsync<T>(string item, Func<T, bool> condition, TimeSpan? patience = null) where T : class
    {
        var key = Key<T>(item);
        var found = await cluster.EventuallyAsync<T>(o => o.Key == key, items => items.Count == 1 && condition(items[0].As<T>()), patience);
        return found[0].As<T>();
    }

    /// <summary>Waits until no object of that name is there.</summary>
    public Task GoneAsync<T>(string item, TimeSpan? patience = null) where T : class
    {
        var key = Key<T>(item);
        return cluster.EventuallyAsync<T>(o => o.Key == key, items => items.Count == 0, patience);
    }

    /// <summary>Waits for an event with that reason about an object of this namespace.</summary>
    public async Task<Corev1Event> EventAsync(string about, string reason)
    {
        var events = await EventuallyAsync<Corev1Event>("", all => all.Any(e => e.InvolvedObject.Name == about && e.Reason == reason));
        return events.First(e => e.InvolvedObject.Name == about && e.Reason == reason);
    }
}
