namespace GrainKube.Reconciliation.Residents;

/// <summary>Names residents; registered by each feature that has some.</summary>
public interface IResidents
{
    IEnumerable<Resident> All { get; }
}
