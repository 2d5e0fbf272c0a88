using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.DynamicResources.DeviceTaintRules;

internal sealed class DeviceTaintRuleStrategy : IStrategy
{
    public void PrepareForCreate(JsonObject item, WriteScope scope) => TaintTime.Stamp(item.Object("spec").Object("taint"), scope);

    public void PrepareForUpdate(JsonObject next, JsonObject current, WriteScope scope)
    {
        var (now, old) = (next.Object("spec").Object("taint"), current.Object("spec").Object("taint"));

        // With another effect it is another taint; who knows better says so.
        if (now is not null && now.Text("effect") != old.Text("effect") && now.Text("timeAdded") == old.Text("timeAdded"))
        {
            now.Remove("timeAdded");
        }

        TaintTime.Stamp(now, scope);
    }
}
