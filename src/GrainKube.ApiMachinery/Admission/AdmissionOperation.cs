namespace GrainKube.ApiMachinery.Admission;

/// <summary>The four operations that admission knows.</summary>
public enum AdmissionOperation
{
    Create,
    Update,
    Delete,
    Connect,
}
