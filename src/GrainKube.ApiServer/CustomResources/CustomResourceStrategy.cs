using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;

namespace GrainKube.ApiServer.CustomResources;

/// <summary>While a CustomResourceDefinition waits for the end of its objects nobody may make new ones.</summary>
internal sealed class CustomResourceStrategy(GroupResource resource, bool isTerminating) : IStrategy
{
    public void PrepareForCreate(JsonObject item, WriteScope scope)
    {
        if (isTerminating)
        {
            throw new ApiException(new Status
            {
                Code = 405,
                Reason = "MethodNotAllowed",
                Group = resource.Group,
                Kind = resource.Resource,
                Message = "create not allowed while custom resource definition is terminating",
            });
        }
    }
}
