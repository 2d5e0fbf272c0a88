using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.Batch.Jobs;

/// <summary>Gives a job that does not bring its own selector one that no other controller's pods match: its uid.</summary>
internal sealed class JobStrategy : IStrategy
{
    public void PrepareForCreate(JsonObject item, WriteScope scope)
    {
        var spec = item.Ensure("spec");
        if (!spec.Flag("manualSelector"))
        {
            GenerateSelector(item.Ensure("metadata"), spec);
        }
    }

    private static void GenerateSelector(JsonObject metadata, JsonObject spec)
    {
        var (name, uid) = (metadata.Text("name"), metadata.Text("uid"));
        var labels = spec.Ensure("template").Ensure("metadata").Ensure("labels");

        // A conflicting value of the user's stays and is refused by validation.
        Add(labels, JobNames.JobName, name);
        Add(labels, JobNames.LegacyJobName, name);
        Add(labels, JobNames.ControllerUid, uid);
        Add(labels, JobNames.LegacyControllerUid, uid);
        Add(spec.Ensure("selector").Ensure("matchLabels"), JobNames.ControllerUid, uid);
    }

    private static void Add(JsonObject labels, string name, string value)
    {
        if (!labels.ContainsKey(name))
        {
            labels[name] = value;
        }
    }
}
