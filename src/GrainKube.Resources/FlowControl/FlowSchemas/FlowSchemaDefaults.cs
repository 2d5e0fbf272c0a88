using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.FlowControl.FlowSchemas;

internal sealed class FlowSchemaDefaults : IDefaults
{
    public void Apply(JsonObject item) => item.Ensure("spec").DefaultZeroTo("matchingPrecedence", 1000);
}
