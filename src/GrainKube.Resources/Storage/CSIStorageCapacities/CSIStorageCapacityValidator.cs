using GrainKube.ApiMachinery.Quantities;
using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.Core.Nodes;
using k8s.Models;

namespace GrainKube.Resources.Storage.CSIStorageCapacities;

internal sealed class CSIStorageCapacityValidator : IValidator<V1CSIStorageCapacity>
{
    public void Validate(V1CSIStorageCapacity item, FieldErrors errors)
    {
        LabelSelectorRules.Check(item.NodeTopology, errors.At("nodeTopology"));
        errors.At("storageClassName").Report(item.StorageClassName ?? "", NameRules.DnsSubdomain(item.StorageClassName ?? ""));
        if (item.Capacity is not null && item.Capacity.ToQuantity() is { Sign: < 0 } amount)
        {
            errors.At("capacity").Invalid(amount.ToString(), "must be greater than or equal to 0");
        }
    }

    public void Warn(V1CSIStorageCapacity next, V1CSIStorageCapacity? current, IList<string> warnings) => OldNodeLabels.Selector(next.NodeTopology, "nodeTopology", warnings);

    public void ValidateUpdate(V1CSIStorageCapacity next, V1CSIStorageCapacity current, FieldErrors errors)
    {
        if (!ModelEquality.AreSame(next.NodeTopology, current.NodeTopology))
        {
            errors.At("nodeTopology").Invalid(next.NodeTopology, "field is immutable");
        }

        errors.At("storageClassName").Immutable(next.StorageClassName, current.StorageClassName);
    }
}
