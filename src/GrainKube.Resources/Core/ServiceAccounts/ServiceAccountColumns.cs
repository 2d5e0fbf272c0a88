using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Core.ServiceAccounts;

internal sealed class ServiceAccountColumns : KindColumns<V1ServiceAccount>
{
    public ServiceAccountColumns()
    {
        Name();
        Count("Secrets", account => account.Secrets?.Count, "How many secrets pods of this account may use.");
        Age();
    }
}
