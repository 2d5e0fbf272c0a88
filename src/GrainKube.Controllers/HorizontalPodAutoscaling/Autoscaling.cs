using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.Statuses;
using k8s.Models;

namespace GrainKube.Controllers.HorizontalPodAutoscaling;

/// <summary>One look at an autoscaler: collects what its status is to say.</summary>
internal sealed class Autoscaling(KubeObject item, V2HorizontalPodAutoscaler view, ReconcileContext context)
{
    private readonly Conditions conditions = Conditions.Of(item);

    public KubeObject Item => item;

    public V2HorizontalPodAutoscalerSpec Spec => view.Spec;

    public ReconcileContext Context => context;

    /// <summary>Fields of the status.</summary>
    public JsonObject Fields { get; } = [];

    public void Set(string type, bool status, string reason, string message)
    {
        conditions.Set(type, status, reason, message, context.Now);
        Fields["conditions"] = conditions.ToJsonOrNull();
    }

    public void Warn(string reason, string message) => context.Events.Warning(item, reason, message);
}
