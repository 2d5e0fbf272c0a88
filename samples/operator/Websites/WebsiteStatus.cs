using System.ComponentModel;
using GrainKube.Reconciliation.CustomResources;

namespace Websites;

/// <summary>What the operator found.</summary>
public sealed class WebsiteStatus
{
    [Description("Pods that serve."), Column("Ready")]
    public int ReadyReplicas { get; set; }

    [Description("Where it is served inside the cluster."), Column("Address")]
    public string? Address { get; set; }
}
