using GrainKube.ApiMachinery.Tables;
using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Core.Events;

internal sealed class EventColumns : KindColumns<Corev1Event>
{
    public EventColumns()
    {
        Since("Last Seen", LastSeen, "<unknown>", "When the event happened last.");
        Text("Type", item => item.Type, "Normal or Warning.");
        Text("Reason", item => item.Reason, "Why, in one word.");
        Text("Object", Involved, "What the event is about.");
        WideText("Subobject", item => item.InvolvedObject?.FieldPath, "Which part of the object it is about.");
        WideText("Source", Source, "Who reports the event.");
        Text("Message", item => item.Message?.Trim(), "What happened.");
        Since("First Seen", item => item.FirstTimestamp ?? item.EventTime, "<unknown>", "When the event happened first.", priority: 1);
        Cell(new TableColumn("Count", "string", "How often the event happened.", Priority: 1), (item, _, _) => Count(item));
        Cell(NameAndAge.Name with { Priority = 1 }, (_, item, _) => item.Header.Name);
    }

    private static DateTime? LastSeen(Corev1Event item) => item.Series?.LastObservedTime ?? item.LastTimestamp ?? item.FirstTimestamp ?? item.EventTime;

    private static string Involved(Corev1Event item)
    {
        var kind = item.InvolvedObject?.Kind?.ToLowerInvariant() ?? "";
        return string.IsNullOrEmpty(item.InvolvedObject?.Name) ? kind : $"{kind}/{item.InvolvedObject.Name}";
    }

    private static string Source(Corev1Event item)
    {
        var (component, instance) = item.Source is { Component.Length: > 0 } source ? (source.Component, source.Host) : (item.ReportingComponent, item.ReportingInstance);
        return string.IsNullOrEmpty(instance) ? component ?? "" : $"{component}, {instance}";
    }

    private static long Count(Corev1Event item) => item.Series?.Count ?? (item.Count is > 0 ? item.Count.Value : 1);
}
