using System.Globalization;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.Statuses;
using GrainKube.Objects.Writes;
using k8s.Models;

namespace GrainKube.Controllers.StorageMigration;

/// <summary>Writes all objects of a resource anew, as they are: what lies in the store in an old version, or under an old key, is stored as new objects are.</summary>
/// <remarks>The write changes nothing that a client sees, and where nothing is old it is none; so a migration that is interrupted begins again from the start.</remarks>
internal sealed class StorageVersionMigrationReconciler(ResourceRegistry registry) : Reconciler<V1StorageVersionMigration>
{
    private const int AtOnce = 8;
    private const string Succeeded = "Succeeded";
    private const string Failed = "Failed";
    private const string Running = "Running";
    private const string InProgress = "StorageVersionMigrationInProgress";

    /// <summary>A resource that nobody serves may be one whose definition has just been made.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public override string Name => "storage-version-migrator";

    protected override async Task<Outcome> ReconcileAsync(KubeObject item, V1StorageVersionMigration view, ReconcileContext context, CancellationToken cancel)
    {
        var conditions = Conditions.Of(item);
        if (conditions.IsTrue(Succeeded) || conditions.IsTrue(Failed) || item.Header.DeletionTimestamp is not null)
        {
            return Outcome.Done;
        }

        var asked = new GroupResource(view.Spec.Resource.Group ?? "", view.Spec.Resource.Resource);
        if (!registry.TryFind(asked, out var kind) || !kind.IsStored)
        {
            var given = (item.Header.CreationTimestamp ?? context.Now) + Patience - context.Now;
            if (given > TimeSpan.Zero)
            {
                return Outcome.WakeIn(given);
            }

            await EndAsync(item, Failed, "resource not found", context, cancel);
            return Outcome.Done;
        }

        var revision = await context.Objects.Cache.WaitUntilCurrentAsync(cancel);
        await StatusPatch.WriteSharedAsync(item, current => Started(current, revision, context.Now), context, cancel);
        var refused = await MigrateAsync(kind, context, cancel);
        await EndAsync(item, refused is null ? Succeeded : Failed, refused ?? "", context, cancel);
        return Outcome.Done;
    }

    /// <returns>Why an object could not be written; null where all were.</returns>
    private static async Task<string?> MigrateAsync(ResourceDefinition kind, ReconcileContext context, CancellationToken cancel)
    {
        string? refused = null;
        var all = (await context.Objects.Cache.KindWhenLoadedAsync(kind.GroupResource, cancel))?.Snapshot.All ?? [];
        foreach (var some in all.Chunk(AtOnce))
        {
            await Task.WhenAll(some.Select(async old => refused = await RewriteAsync(old, context, cancel) ?? refused));
        }

        return refused;
    }

    private static async Task<string?> RewriteAsync(KubeObject old, ReconcileContext context, CancellationToken cancel)
    {
        try
        {
            await context.Objects.PatchAsync(old.Key, [], "", new Preconditions(old.Header.Uid), cancel);
            return null;
        }
        catch (ApiException changed) when (changed.Status.Code is 404 or 409)
        {
            return null; // it is gone, or another one since: either way it is not stored as it was
        }
        catch (ApiException wrong) when (wrong.Status.Code is >= 400 and < 500 and not 429)
        {
            return $"migration encountered unhandled error: {wrong.Message}";
        }
    }

    private static JsonObject Started(KubeObject current, long revision, DateTimeOffset now)
    {
        var fields = Conditions.With(current, Running, true, InProgress, "", now);
        if (current.As<V1StorageVersionMigration>().Status?.ResourceVersion is null or "")
        {
            fields["resourceVersion"] = revision.ToString(CultureInfo.InvariantCulture);
        }

        return fields;
    }

    private static async Task EndAsync(KubeObject item, string end, string message, ReconcileContext context, CancellationToken cancel)
    {
        await context.Objects.WaitForOwnWritesAsync(cancel);
        if (context.Objects.Get(item.Key) is not { } current || current.Header.Uid != item.Header.Uid)
        {
            return;
        }

        await StatusPatch.WriteSharedAsync(
            current,
            shown =>
            {
                var conditions = Conditions.Of(shown);
                if (conditions[Running] is not null)
                {
                    conditions.Set(Running, false, InProgress, "", context.Now);
                }

                conditions.Set(end, true, $"StorageVersionMigration{end}", message, context.Now);
                return new JsonObject { ["conditions"] = conditions.ToJsonOrNull() };
            },
            context,
            cancel);
    }
}
