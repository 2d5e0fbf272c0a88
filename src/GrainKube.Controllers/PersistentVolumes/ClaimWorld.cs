using k8s.Models;

namespace GrainKube.Controllers.PersistentVolumes;

/// <summary>What the fate of a claim depends on.</summary>
/// <param name="Volumes">All volumes.</param>
/// <param name="Classes">All storage classes.</param>
/// <param name="WaitingPods">Names of pods that use the claim and have no node yet.</param>
internal sealed record ClaimWorld(IReadOnlyList<V1PersistentVolume> Volumes, IReadOnlyList<V1StorageClass> Classes, IReadOnlyList<string> WaitingPods);
