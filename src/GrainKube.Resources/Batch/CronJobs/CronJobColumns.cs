using GrainKube.ApiMachinery.Tables;
using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Batch.CronJobs;

internal sealed class CronJobColumns : KindColumns<V1CronJob>
{
    public CronJobColumns()
    {
        Name();
        Text("Schedule", item => item.Spec?.Schedule, "When jobs are started, in Cron format.");
        Text("Timezone", item => item.Spec?.TimeZone ?? CellTexts.None, "Where the schedule's clock stands.");
        Cell(new TableColumn("Suspend", "boolean", "Whether new jobs are held back."), (item, _, _) => CellTexts.Switch(item.Spec?.Suspend));
        Number("Active", item => item.Status?.Active?.Count, "How many of its jobs run.");
        Since("Last Schedule", item => item.Status?.LastScheduleTime, CellTexts.None, "When a job was started last.");
        Age();
        WideText("Containers", item => CellTexts.ContainerNames(item.Spec?.JobTemplate?.Spec?.Template), "Names of each container in the template.");
        WideText("Images", item => CellTexts.ContainerImages(item.Spec?.JobTemplate?.Spec?.Template), "Images referenced by each container in the template.");
        WideText("Selector", item => CellTexts.Selector(item.Spec?.JobTemplate?.Spec?.Selector), "Which pods belong to it.");
    }
}
