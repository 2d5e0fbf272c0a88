namespace GrainKube.Controllers.ReplicaSets;

/// <summary>The numbers of a set's status.</summary>
internal readonly record struct ReplicaCounts(int Replicas, int FullyLabeled, int Ready, int Available, int Terminating);
