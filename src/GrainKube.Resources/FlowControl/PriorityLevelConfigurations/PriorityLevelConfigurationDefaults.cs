using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.FlowControl.PriorityLevelConfigurations;

internal sealed class PriorityLevelConfigurationDefaults : IDefaults
{
    public void Apply(JsonObject item)
    {
        var spec = item.Object("spec");
        if (spec.Text("type") == "Exempt")
        {
            var exempt = spec!.Ensure("exempt");
            exempt.DefaultTo("nominalConcurrencyShares", 0);
            exempt.DefaultTo("lendablePercent", 0);
        }

        if (spec.Object("limited") is not { } limited)
        {
            return;
        }

        limited.DefaultTo("nominalConcurrencyShares", 30);
        limited.DefaultTo("lendablePercent", 0);
        if (limited.Object("limitResponse").Object("queuing") is { } queuing)
        {
            queuing.DefaultZeroTo("queues", 64);
            queuing.DefaultZeroTo("handSize", 8);
            queuing.DefaultZeroTo("queueLengthLimit", 50);
        }
    }
}
