using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Client;
using GrainKube.Objects.Writes;
using GrainKube.Resources.Core.PersistentVolumes;
using GrainKube.Scheduler.Plugins;
using GrainKube.Scheduler.Pods;
using k8s.Models;

namespace GrainKube.Scheduler.Volumes;

/// <summary>Before a pod is bound: chooses volumes for the claims that waited for its node, or asks for them, and waits until every claim is bound.</summary>
internal sealed class VolumeBinder(ObjectClient objects, IVolumeView view, TimeProvider time)
{
    // Upstream's bindTimeoutSeconds.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <returns>Null where all claims are bound; else why the pod cannot be bound there now.</returns>
    public async Task<string?> BindAsync(PodRequest pod, string node, CancellationToken cancel)
    {
        using var timeout = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, timeout.Token);
        using var changed = new SemaphoreSlim(1);
        using var subscription = view.Subscribe(() => changed.Release());
        var first = true;
        while (true)
        {
            try
            {
                await changed.WaitAsync(either.Token);
            }
            catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancel.IsCancellationRequested)
            {
                return "binding volumes: context deadline exceeded";
            }

            var volumes = PodVolumes.Of(pod, view);
            if (volumes.Refusal is { } refusal)
            {
                return $"binding volumes: {refusal}";
            }

            if (volumes.Waiting.Count == 0)
            {
                return null;
            }

            if (first)
            {
                await ChooseAsync(volumes.Waiting, node, either.Token);
                await objects.WaitForOwnWritesAsync(either.Token);
                first = false;
            }
            else if (volumes.Waiting.FirstOrDefault(c => IsGivenUp(c, node)) is { } lost)
            {
                return $"binding volumes: provisioning failed for PVC \"{lost.Metadata.Name}\"";
            }
        }
    }

    /// <summary>Neither a volume is meant for the claim, nor is one being made for this node.</summary>
    private bool IsGivenUp(V1PersistentVolumeClaim claim, string node) =>
        VolumeFacts.Annotation(claim.Metadata, VolumeAnnotations.SelectedNode) != node && !view.Volumes().Any(v => v.Spec.ClaimRef?.Uid == claim.Metadata.Uid);

    private async Task ChooseAsync(IReadOnlyList<V1PersistentVolumeClaim> claims, string node, CancellationToken cancel)
    {
        var labels = objects.Get(new ObjectKey("", "nodes", "", node))?.Header.Labels ?? throw ApiException.NotFound(new GroupResource("", "nodes"), node);
        foreach (var claim in claims)
        {
            var asked = VolumeFacts.Annotation(claim.Metadata, VolumeAnnotations.SelectedNode) is not null;
            if (!asked && VolumeMatch.Find(claim, view.Volumes(), volume => VolumeBinding.Reaches(volume, node, labels)) is { } volume)
            {
                await ReserveAsync(volume, claim, cancel);
            }
            else if (!asked)
            {
                var key = objects.KeyOf<V1PersistentVolumeClaim>(claim.Metadata.NamespaceProperty, claim.Metadata.Name);
                var patch = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [VolumeAnnotations.SelectedNode] = node } } };
                await objects.PatchAsync(key, patch, "", new Preconditions(claim.Metadata.Uid), cancel);
            }
        }
    }

    /// <summary>The binder completes what this begins.</summary>
    private async Task ReserveAsync(V1PersistentVolume volume, V1PersistentVolumeClaim claim, CancellationToken cancel)
    {
        if (volume.Spec.ClaimRef?.Uid == claim.Metadata.Uid)
        {
            return;
        }

        var patch = new JsonObject { ["spec"] = new JsonObject { ["claimRef"] = ClaimReference.To(claim) } };
        if (volume.Spec.ClaimRef is null)
        {
            patch["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [VolumeAnnotations.BoundByController] = "yes" } };
        }

        var revision = long.Parse(volume.Metadata.ResourceVersion, System.Globalization.CultureInfo.InvariantCulture);
        await objects.PatchAsync(objects.KeyOf<V1PersistentVolume>("", volume.Metadata.Name), patch, "", new Preconditions(volume.Metadata.Uid, revision), cancel);
    }
}
