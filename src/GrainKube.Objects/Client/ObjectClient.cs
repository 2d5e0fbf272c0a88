using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Store;
using GrainKube.Objects.Writes;
using GrainKube.Objects.Writes.Outside;
using k8s;

namespace GrainKube.Objects.Client;

/// <summary>
/// How the cluster's own parts read and write objects: reads come from this silo's cache, writes go to object grains under one identity. Retries what is safe to retry
/// (a silo that died, a store that did not answer).
/// </summary>
/// <remarks>Get one from <see cref="ObjectClientFactory"/>. Errors: <see cref="ApiException"/>, <see cref="StoreException"/> and, with a fence, <see cref="FenceBrokenException"/>.</remarks>
public sealed class ObjectClient
{
    private readonly WatchCache cache;
    private readonly ResourceRegistry registry;
    private readonly WriteRoute route;
    private long lastWrite;

    internal ObjectClient(WatchCache cache, ResourceRegistry registry, WriteRoute route, UserInfo user, WriterFence? fence)
    {
        (this.cache, this.registry, this.route) = (cache, registry, route);
        (User, Fence) = (user, fence);
    }

    public UserInfo User { get; }

    public WatchCache Cache => cache;

    /// <summary>The fence that every write carries, if any.</summary>
    public WriterFence? Fence { get; }

    /// <summary>The same client whose writes commit only while the fence stands.</summary>
    public ObjectClient Fenced(WriterFence newFence) => new(cache, registry, route, User, newFence) { lastWrite = Interlocked.Read(ref lastWrite) };

    /// <summary>The key of an object of model <typeparamref name="T"/>.</summary>
    public ObjectKey KeyOf<T>(string ns, string name) where T : class
    {
        var names = registry.Find(typeof(T)).Names;
        return new ObjectKey(names.Group, names.Plural, names.Namespaced ? ns : "", name);
    }

    /// <summary>The object as the cache has it, or null.</summary>
    public KubeObject? Get(ObjectKey key) => cache.Get(key);

    /// <summary>A typed view of the object, or null.</summary>
    public T? Get<T>(string ns, string name) where T : class => cache.Get(KeyOf<T>(ns, name))?.As<T>();

    /// <summary>All objects of the kind, in one namespace or (empty) in all.</summary>
    public IEnumerable<KubeObject> List<T>(string ns = "") where T : class => Kind<T>().In(ns);

    /// <summary>Objects of the kind that name the uid among their owners.</summary>
    public IReadOnlyList<KubeObject> OwnedBy<T>(string uid) where T : class => Kind<T>().OwnedBy(uid);

    /// <summary>Creates an object from a model; <c>generateName</c> is honoured. Returns the object as committed.</summary>
    public Task<KubeObject> CreateAsync<T>(T model, CancellationToken cancel) where T : class => CreateAsync(ToNode(model), cancel);

    /// <summary>A model as JSON, with apiVersion and kind.</summary>
    public JsonObject ToNode<T>(T model) where T : class
    {
        var item = (JsonObject)JsonNode.Parse(KubernetesJson.Serialize(model))!;
        var names = registry.Find(typeof(T)).Names;
        (item["apiVersion"], item["kind"]) = (names.ApiVersion, names.Kind);
        return item;
    }

    /// <summary>Creates an object from JSON; its apiVersion and kind say what it is.</summary>
    /// <exception cref="ArgumentException">No such kind is served, or the object has no name.</exception>
    public async Task<KubeObject> CreateAsync(JsonObject item, CancellationToken cancel)
    {
        var apiVersion = (string?)item["apiVersion"] ?? "";
        var definition = DefinitionOf(item);
        var metadata = item.Metadata();
        var ns = definition.Names.Namespaced ? metadata.Text("namespace") : "";
        var prefix = metadata.Text("generateName");
        var name = metadata.Text("name");
        var draws = name.Length == 0 && prefix.Length > 0;
        if (name.Length == 0 && !draws)
        {
            throw new ArgumentException("The object has neither name nor generateName", nameof(item));
        }

        for (var attempt = 1; ; attempt++)
        {
            if (draws)
            {
                name = GeneratedNames.Draw(prefix);
                metadata["name"] = name;
            }

            var key = new ObjectKey(definition.Names.Group, definition.Names.Plural, ns, name);
            try
            {
                return await WriteAsync(key, new WriteRequest { Verb = WriteVerb.Create, User = User, ApiVersion = apiVersion, Unnamed = draws, Body = StoredJson.ToBytes(item) }, cancel);
            }
            catch (ApiException taken) when (draws && attempt < GeneratedNames.Tries && taken.Status.Reason == "AlreadyExists" && taken.Status.Name == name)
            {
                // another draw
            }
        }
    }

    /// <summary>
    /// Changes an object by a merge patch (RFC 7386). The way to update: nothing but what is named can be lost. Give preconditions where the decision rests on what was read.
    /// </summary>
    /// <param name="key">The object.</param>
    /// <param name="patch">For example <c>{"status":{"replicas":3}}</c>.</param>
    /// <param name="subresource">Empty, <c>status</c> or <c>scale</c>.</param>
    /// <param name="preconditions">Uid and revision that must hold.</param>
    /// <param name="cancel">Stops waiting; the write may have happened.</param>
    /// <returns>The object as committed (a scale patch returns the parent as the cache sees it).</returns>
    public async Task<KubeObject> PatchAsync(ObjectKey key, JsonObject patch, string subresource, Preconditions? preconditions, CancellationToken cancel)
    {
        var request = new WriteRequest
        {
            Verb = WriteVerb.Patch,
            Subresource = subresource,
            User = User,
            Body = StoredJson.ToBytes(patch),
            PatchType = PatchType.Merge,
            Preconditions = preconditions,
        };
        if (subresource != "scale")
        {
            return await WriteAsync(key, request, cancel);
        }

        var scaled = await SendAsync(key, request, cancel);
        await cache.WaitForAsync(scaled.Revision, cancel);
        return cache.Get(key) ?? throw ApiException.NotFound(key.GroupResource, key.Name);
    }

    /// <summary>
    /// Makes an object what <paramref name="item"/> says by server-side apply, and takes over what others own of it; creates it where it is absent. Where nothing differs nothing is written.
    /// </summary>
    /// <param name="item">The whole wish of this manager; its apiVersion, kind and metadata say which object it is.</param>
    /// <param name="subresource">Empty or <c>status</c>.</param>
    /// <param name="manager">Under which name the fields are owned.</param>
    /// <param name="cancel">Stops waiting; the write may have happened.</param>
    /// <returns>The object as committed.</returns>
    /// <exception cref="ArgumentException">No such kind is served.</exception>
    public Task<KubeObject> ApplyAsync(JsonObject item, string subresource, string manager, CancellationToken cancel)
    {
        var names = DefinitionOf(item).Names;
        var metadata = item.Metadata();
        var request = new WriteRequest
        {
            Verb = WriteVerb.Patch,
            Subresource = subresource,
            User = User,
            ApiVersion = item.Text("apiVersion"),
            Body = StoredJson.ToBytes(item),
            PatchType = PatchType.Apply,
            FieldManager = manager,
            Force = true,
            Sent = SentOptions.FieldManager,
        };
        return WriteAsync(new ObjectKey(names.Group, names.Plural, names.Namespaced ? metadata.Text("namespace") : "", metadata.Text("name")), request, cancel);
    }

    /// <summary>Sends a body to a subresource operation such as <c>binding</c>.</summary>
    public Task<WriteResult> InvokeAsync(ObjectKey key, string subresource, JsonObject body, CancellationToken cancel) =>
        SendAsync(key, new WriteRequest { Verb = WriteVerb.Create, Subresource = subresource, User = User, Body = StoredJson.ToBytes(body) }, cancel);

    /// <summary>Asks for deletion. An object that is gone already (or has another uid) is no error: the result is then false.</summary>
    public async Task<bool> DeleteAsync(
        ObjectKey key, Preconditions? preconditions, CancellationToken cancel, long? gracePeriodSeconds = null, DeletePropagation propagation = DeletePropagation.Default)
    {
        try
        {
            await SendAsync(
                key,
                new WriteRequest
                {
                    Verb = WriteVerb.Delete,
                    User = User,
                    Preconditions = preconditions,
                    GracePeriodSeconds = gracePeriodSeconds,
                    Propagation = propagation,
                    Sent = propagation == DeletePropagation.Default ? SentOptions.None : SentOptions.Propagation,
                },
                cancel);
            return true;
        }
        catch (ApiException gone) when (gone.Status.Code == 404)
        {
            return false;
        }
        catch (ApiException other) when (other.Status.Code == 409 && preconditions?.Uid is { } uid && other.Status.Message.Contains(uid, StringComparison.Ordinal))
        {
            return false;
        }
    }

    /// <summary>Waits until this silo's cache shows every write this client made.</summary>
    public Task WaitForOwnWritesAsync(CancellationToken cancel) => cache.WaitForAsync(Interlocked.Read(ref lastWrite), cancel);

    private ResourceDefinition DefinitionOf(JsonObject item) =>
        registry.TryFindKind(item.Text("apiVersion"), item.Text("kind"), out var definition)
            ? definition
            : throw new ArgumentException($"No kind {item["kind"]} of {item["apiVersion"]} is served", nameof(item));

    private KindCache Kind<T>() where T : class => cache.Kind(registry.Find(typeof(T)).GroupResource);

    private async Task<KubeObject> WriteAsync(ObjectKey key, WriteRequest request, CancellationToken cancel)
    {
        var json = (await SendAsync(key, request, cancel)).Json;
        return cache.Newest(key) is { } known && IsMadeOf(known, json) ? known : StoredJson.FromWire(key, json);
    }

    /// <summary>Where the grain is on this silo the answer is the cache's own bytes; then so is the object, with what was read from it once.</summary>
    private static bool IsMadeOf(KubeObject known, byte[] json) => MemoryMarshal.TryGetArray(known.Json, out var bytes) && ReferenceEquals(bytes.Array, json);

    private async Task<WriteResult> SendAsync(ObjectKey key, WriteRequest request, CancellationToken cancel)
    {
        request = request with { Fence = Fence, TraceParent = Activity.Current is { Recorded: true } activity ? activity.Id : null };
        var result = await route.SendAsync(key, request, cancel);
        long seen;
        do
        {
            seen = Interlocked.Read(ref lastWrite);
        }
        while (result.Revision > seen && Interlocked.CompareExchange(ref lastWrite, result.Revision, seen) != seen);

        return result;
    }
}
