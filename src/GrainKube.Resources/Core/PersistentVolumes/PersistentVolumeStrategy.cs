using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.Resources.Core.PersistentVolumes;

/// <summary>A volume begins as pending, and says since when it has its phase.</summary>
internal sealed class PersistentVolumeStrategy : IStrategy
{
    private const string Since = "lastPhaseTransitionTime";

    public void PrepareForCreate(JsonObject item, WriteScope scope) => item["status"] = new JsonObject { [Since] = GoTime.Format(scope.Now), ["phase"] = "Pending" };

    public void PrepareForStatusUpdate(JsonObject next, JsonObject current, WriteScope scope)
    {
        var (status, before) = (next.Ensure("status"), current.Object("status"));
        var (said, known) = (status.Text(Since), before.Text(Since));
        if (status.Text("phase") != before.Text("phase"))
        {
            if (said.Length == 0 || said == known)
            {
                status[Since] = GoTime.Format(scope.Now);
            }
        }
        else if (said.Length == 0)
        {
            status.CarryOver(Since, before);
        }
    }
}
