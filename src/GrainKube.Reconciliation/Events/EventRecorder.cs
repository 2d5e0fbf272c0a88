using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Client;

namespace GrainKube.Reconciliation.Events;

/// <summary>
/// Records <c>v1 Event</c>s about objects. Equal events become one with a growing count; a flood about one object is damped as upstream damps it. Never blocks and never fails the caller.
/// </summary>
public sealed class EventRecorder(ObjectClient objects, string component, string host, TimeProvider time)
{
    /// <param name="about">The object the event is about.</param>
    /// <param name="type"><c>Normal</c> or <c>Warning</c>.</param>
    /// <param name="reason">CamelCase, for example <c>ScalingReplicaSet</c>.</param>
    /// <param name="message">What a person reads.</param>
    /// <param name="fieldPath">Part of the object, for example <c>spec.containers{web}</c>; empty for the whole.</param>
    public void Record(KubeObject about, string type, string reason, string message, string fieldPath = "") => throw new NotImplementedException($"{objects}{component}{host}{time}");

    public void Normal(KubeObject about, string reason, string message, string fieldPath = "") => Record(about, "Normal", reason, message, fieldPath);

    public void Warning(KubeObject about, string reason, string message, string fieldPath = "") => Record(about, "Warning", reason, message, fieldPath);
}
