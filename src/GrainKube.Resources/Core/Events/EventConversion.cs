using System.Text.Json.Nodes;

namespace GrainKube.Resources.Core.Events;

/// <summary>Between <c>events.k8s.io/v1</c> and the core group's form: the same event, other names.</summary>
internal static class EventConversion
{
    private static readonly (string Core, string Events)[] Names =
    [
        ("involvedObject", "regarding"),
        ("message", "note"),
        ("source", "deprecatedSource"),
        ("firstTimestamp", "deprecatedFirstTimestamp"),
        ("lastTimestamp", "deprecatedLastTimestamp"),
        ("count", "deprecatedCount"),
        ("reportingComponent", "reportingController"),
    ];

    public static void ToCore(JsonObject item)
    {
        item["apiVersion"] = "v1";
        foreach (var (core, events) in Names)
        {
            item.Rename(events, core);
        }
    }

    public static void FromCore(JsonObject item)
    {
        item["apiVersion"] = "events.k8s.io/v1";
        foreach (var (core, events) in Names)
        {
            item.Rename(core, events);
        }
    }
}
