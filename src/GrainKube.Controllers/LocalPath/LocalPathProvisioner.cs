using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.NodeLifecycle;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Nodes;
using GrainKube.Objects.Writes;
using GrainKube.Resources.Core.PersistentVolumes;
using k8s.Models;

namespace GrainKube.Controllers.LocalPath;

/// <summary>Gives claims of its classes a directory on the node of their first pod, and enlarges what grows. Keys are claims.</summary>
internal sealed class LocalPathProvisioner(WatchCache cache, IGrainFactory grains) : Reconciler<V1PersistentVolumeClaim>
{
    private static readonly GroupResource Claims = new("", "persistentvolumeclaims");
    private static readonly GroupResource Nodes = new("", "nodes");

    public override string Name => "local-path-provisioner";

    public override string Identity => "local-path-provisioner";

    public override void Configure(ReconcilerWiring wiring) => wiring
        .On(Claims, change => change.After is { } claim && IsOurs(claim) ? [claim.Key] : [])
        .StartingWith(() => cache.Kind(Claims).Snapshot.All.Where(IsOurs).Select(c => c.Key));

    protected override async Task<Outcome> ReconcileAsync(KubeObject item, V1PersistentVolumeClaim view, ReconcileContext context, CancellationToken cancel)
    {
        if (VolumeFacts.ClassOf(view) is not { Length: > 0 } name || context.Objects.Get<V1StorageClass>("", name) is not { } storageClass)
        {
            return Outcome.Done;
        }

        if (VolumeFacts.IsFullyBound(view))
        {
            await VolumeGrowth.ApplyAsync(item, view, context, cancel);
            return Outcome.Done;
        }

        if (!LocalVolumePlan.IsDue(view, storageClass))
        {
            return Outcome.Done;
        }

        if (LocalVolumePlan.Objection(view) is { } objection)
        {
            context.Events.Warning(item, "ProvisioningFailed", $"failed to provision volume with StorageClass \"{name}\": {objection}");
            return Outcome.Done;
        }

        return await NodeForAsync(item, view, storageClass, context, cancel) is not { } node
            ? Outcome.Done
            : await ProvisionAsync(item, view, storageClass, node, context, cancel);
    }

    private async Task<Outcome> ProvisionAsync(
        KubeObject item, V1PersistentVolumeClaim claim, V1StorageClass storageClass, KubeObject node, ReconcileContext context, CancellationToken cancel)
    {
        context.Events.Normal(item, "Provisioning", $"External provisioner is provisioning volume for claim \"{item.Key.Namespace}/{item.Key.Name}\"");
        var volume = LocalVolumePlan.NameFor(claim);
        try
        {
            var path = await grains.GetGrain<IKubeletGrain>(node.Header.Name).MakeVolumeAsync(volume);
            var hostname = node.Header.Labels.GetValueOrDefault("kubernetes.io/hostname", node.Header.Name);
            await context.Objects.CreateAsync(LocalVolumePlan.VolumeFor(claim, storageClass, hostname, path), cancel);
        }
        catch (ApiException made) when (made.Status.Reason == "AlreadyExists")
        {
            return Outcome.Done;
        }
        catch (ApiException failed)
        {
            context.Events.Warning(item, "ProvisioningFailed", $"failed to provision volume with StorageClass \"{storageClass.Metadata.Name}\": {failed.Message}");
            throw;
        }

        context.Events.Normal(item, "ProvisioningSucceeded", $"Successfully provisioned volume {volume}");
        return Outcome.Done;
    }

    /// <summary>The node that was chosen; without such a choice, a ready one. A chosen node that is gone is chosen anew.</summary>
    private async Task<KubeObject?> NodeForAsync(
        KubeObject item, V1PersistentVolumeClaim claim, V1StorageClass storageClass, ReconcileContext context, CancellationToken cancel)
    {
        if (VolumeFacts.Annotation(claim.Metadata, VolumeAnnotations.SelectedNode) is { Length: > 0 } selected)
        {
            if (cache.Kind(Nodes).Get("", selected) is { } chosen)
            {
                return chosen;
            }

            context.Events.Warning(item, "ProvisioningFailed", $"failed to get target node: node \"{selected}\" not found");
            var patch = Statuses.Annotations.Removed(VolumeAnnotations.SelectedNode);
            await context.Objects.PatchAsync(item.Key, patch, "", new Preconditions(item.Header.Uid), cancel);
            return null;
        }

        var ready = cache.Kind(Nodes).Snapshot.All.FirstOrDefault(n => NodeReadiness.IsReady(n.As<V1Node>()));
        if (ready is null)
        {
            context.Events.Warning(item, "ProvisioningFailed", $"failed to provision volume with StorageClass \"{storageClass.Metadata.Name}\": no node is ready");
            throw ApiException.ServiceUnavailable("no node is ready");
        }

        return ready;
    }

    private static bool IsOurs(KubeObject claim) => VolumeFacts.Annotation(claim.As<V1PersistentVolumeClaim>().Metadata, VolumeAnnotations.Provisioner) == LocalPath.Provisioner;
}
