using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Store;
using GrainKube.Objects.Writes;

namespace GrainKube.Objects.Client;

/// <summary>
/// How the cluster's own parts read and write objects: reads come from this silo's cache, writes go to object grains under one identity. Retries what is safe to retry
/// (a silo that died, a store that did not answer).
/// </summary>
/// <remarks>Get one from <see cref="ObjectClientFactory"/>. Errors: <see cref="ApiException"/> and <see cref="StoreException"/>.</remarks>
public sealed class ObjectClient(IGrainFactory grains, WatchCache cache, ApiMachinery.Definitions.ResourceRegistry registry, UserInfo user, WriterFence? fence)
{
    public UserInfo User => user;

    public WatchCache Cache => cache;

    /// <summary>The same client whose writes commit only while the fence stands.</summary>
    public ObjectClient Fenced(WriterFence newFence) => new(grains, cache, registry, user, newFence);

    /// <summary>The fence that every write carries, if any.</summary>
    public WriterFence? Fence => fence;

    /// <summary>The key of an object of model <typeparamref name="T"/>.</summary>
    public ObjectKey KeyOf<T>(string ns, string name) where T : class => throw new NotImplementedException();

    /// <summary>The object as the cache has it, or null.</summary>
    public KubeObject? Get(ObjectKey key) => cache.Get(key);

    /// <summary>A typed view of the object, or null.</summary>
    public T? Get<T>(string ns, string name) where T : class => throw new NotImplementedException();

    /// <summary>All objects of the kind, in one namespace or (empty) in all.</summary>
    public IEnumerable<KubeObject> List<T>(string ns = "") where T : class => throw new NotImplementedException();

    /// <summary>Objects of the kind that name the uid among their owners.</summary>
    public IReadOnlyList<KubeObject> OwnedBy<T>(string uid) where T : class => throw new NotImplementedException();

    /// <summary>Creates an object from a model; <c>generateName</c> is honoured. Returns the object as committed.</summary>
    public Task<KubeObject> CreateAsync<T>(T model, CancellationToken cancel) where T : class => throw new NotImplementedException();

    /// <summary>Creates an object from JSON; its apiVersion and kind say what it is.</summary>
    public Task<KubeObject> CreateAsync(JsonObject item, CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>
    /// Changes an object by a merge patch (RFC 7386). The way to update: nothing but what is named can be lost. Give preconditions where the decision rests on what was read.
    /// </summary>
    /// <param name="key">The object.</param>
    /// <param name="patch">For example <c>{"status":{"replicas":3}}</c>.</param>
    /// <param name="subresource">Empty, <c>status</c> or <c>scale</c>.</param>
    /// <param name="preconditions">Uid and revision that must hold.</param>
    /// <param name="cancel">Stops waiting; the write may have happened.</param>
    /// <returns>The object as committed (a scale patch returns the parent as the cache sees it).</returns>
    public Task<KubeObject> PatchAsync(ObjectKey key, JsonObject patch, string subresource, Preconditions? preconditions, CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>Sends a body to a subresource operation such as <c>binding</c>.</summary>
    public Task<WriteResult> InvokeAsync(ObjectKey key, string subresource, JsonObject body, CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>Asks for deletion. An object that is gone already (or has another uid) is no error: the result is then false.</summary>
    public Task<bool> DeleteAsync(
        ObjectKey key, Preconditions? preconditions, CancellationToken cancel, long? gracePeriodSeconds = null, DeletePropagation propagation = DeletePropagation.Default) =>
        throw new NotImplementedException();

    /// <summary>Waits until this silo's cache shows every write this client made.</summary>
    public Task WaitForOwnWritesAsync(CancellationToken cancel) => throw new NotImplementedException();
}
