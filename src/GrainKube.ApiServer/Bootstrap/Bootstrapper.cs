using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Client;
using GrainKube.Objects.Writes;
using GrainKube.Resources.FlowControl;
using Microsoft.Extensions.Logging;

namespace GrainKube.ApiServer.Bootstrap;

/// <summary>Makes what a new cluster starts with, and mends the policy at every later start. Where nothing is missing it only reads the cache.</summary>
public sealed partial class Bootstrapper(ObjectClientFactory clients, ResourceRegistry registry, ILogger<Bootstrapper> log)
{
    private const int AtOnce = 16;
    private const int Attempts = 5;

    /// <summary>Run when the cache is loaded. Several silos may run it at once.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var client = clients.For(UserInfo.Server);
        var written = await EnsureAsync(client, FirstObjects.Namespaces(), cancel);

        // The namespaces must be seen before anything is made in them.
        await client.WaitForOwnWritesAsync(cancel);
        written += await EnsureAsync(client, [.. FirstObjects.PriorityClasses(), .. FirstObjects.StorageClasses(), .. FirstObjects.ApiServices(registry.All), .. DefaultFlowControl.Levels(), .. DefaultFlowControl.Schemas(), .. BootstrapPolicy.Objects()], cancel);
        if (written > 0)
        {
            await client.WaitForOwnWritesAsync(cancel);
            LogWritten(written);
        }
    }

    private async Task<int> EnsureAsync(ObjectClient client, IEnumerable<JsonObject> wanted, CancellationToken cancel)
    {
        var written = 0;
        await Parallel.ForEachAsync(wanted, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (item, stop) =>
        {
            if (await EnsureAsync(client, item, stop))
            {
                Interlocked.Increment(ref written);
            }
        });
        return written;
    }

    /// <returns>True where something was written.</returns>
    private async Task<bool> EnsureAsync(ObjectClient client, JsonObject wanted, CancellationToken cancel)
    {
        var key = KeyOf(wanted);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryEnsureAsync(client, key, wanted, cancel);
            }
            catch (ApiException conflict) when (conflict.Status.Code == 409 && attempt < Attempts)
            {
                // Another silo was first; look again at what it made.
                await client.Cache.WaitUntilCurrentAsync(cancel);
            }
        }
    }

    private static async Task<bool> TryEnsureAsync(ObjectClient client, ObjectKey key, JsonObject wanted, CancellationToken cancel)
    {
        if (client.Get(key) is not { } current)
        {
            await client.CreateAsync((JsonObject)wanted.DeepClone(), cancel);
            return true;
        }

        if (key.Group != Security.Rbac.RoleReference.Group)
        {
            return false;
        }

        var there = current.ToNode();
        var unchanged = new Preconditions(current.Header.Uid, current.Revision);
        if (PolicyUpdate.MustBeReplaced(wanted, there))
        {
            await client.DeleteAsync(key, unchanged, cancel);
            await client.CreateAsync((JsonObject)wanted.DeepClone(), cancel);
            return true;
        }

        if (PolicyUpdate.PatchFor(wanted, there) is not { } patch)
        {
            return false;
        }

        await client.PatchAsync(key, patch, "", unchanged, cancel);
        return true;
    }

    private ObjectKey KeyOf(JsonObject item)
    {
        var found = registry.TryFindKind((string)item["apiVersion"]!, (string)item["kind"]!, out var definition);
        return found
            ? new ObjectKey(definition!.Names.Group, definition.Names.Plural, (string?)item["metadata"]!["namespace"] ?? "", (string)item["metadata"]!["name"]!)
            : throw new InvalidOperationException($"{item["kind"]} is not served; a cluster cannot start without it");
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Wrote {Count} of the objects that every cluster has")]
    private partial void LogWritten(int count);
}
