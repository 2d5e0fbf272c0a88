using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Scheduling.PriorityClasses;

internal sealed class PriorityClassColumns : KindColumns<V1PriorityClass>
{
    public PriorityClassColumns()
    {
        Name();
        Number("Value", item => item.Value, "The priority of pods of this class.");
        Flag("Global-Default", item => item.GlobalDefault, "Whether pods without a class are of this one.");
        Age();
        Text("PreemptionPolicy", item => item.PreemptionPolicy, "Whether its pods may push others out.");
    }
}
